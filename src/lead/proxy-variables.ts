// The variables by which clients find a proxy, and those whom they reach without it.

/** Clients read either spelling; where both are set they had better agree. */
export const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

export const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'] as const;

// A request in either version of HTTP, and how it is answered in the one that it came in.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Writable } from 'node:stream';

export type Arrival = IncomingMessage | Http2ServerRequest;
export type Reply = ServerResponse | Http2ServerResponse;

export const isHttp1 = (reply: Reply): reply is ServerResponse => 'shouldKeepAlive' in reply;

/** Gives what the body is to be written to. */
export function writeHead(reply: Reply, status: number, headers: OutgoingHttpHeaders): Writable {
  if (isHttp1(reply)) return reply.writeHead(status, headers);
  reply.writeHead(status, headers);
  return reply.stream;
}

/** Now, before there is any body; over HTTP/2 it has gone already. */
export function flushHead(reply: Reply): void {
  if (isHttp1(reply)) reply.flushHeaders();
}

/** No client may take for whole what ends here: a connection that breaks, or a stream that ends in an error. */
export function cutReply(reply: Reply): void {
  if (isHttp1(reply)) reply.destroy();
  else reply.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

/** The connection ends with this answer. Of HTTP/2, where others share it, only what is left of the request is let go. */
export function endConnectionAfter(reply: Reply): void {
  if (isHttp1(reply)) reply.shouldKeepAlive = false;
  else reply.stream.once('finish', () => reply.stream.close(constants.NGHTTP2_NO_ERROR));
}

/** Calls back when the caller goes away before its answer has ended. */
export function onceGone(reply: Reply, leave: () => void): void {
  if (isHttp1(reply)) reply.once('close', () => reply.writableFinished || leave());
  else reply.stream.once('aborted', leave);
}

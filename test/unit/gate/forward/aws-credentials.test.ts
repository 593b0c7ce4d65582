import { describe, expect, it } from '@jest/globals';
import { parseCredentials } from '../../../../src/gate/forward/aws-credentials.ts';

describe('a file of AWS credentials', () => {
  it.each([
    [
      '[default]\naws_access_key_id=A\naws_secret_access_key=b/c+d=',
      { accessKeyId: 'A', secretAccessKey: 'b/c+d=' },
    ],
    [
      '# c\n\n[other]\naws_access_key_id = X\n[ default ]\r\naws_access_key_id = A\r\naws_secret_access_key = b\r\nregion = r\r\naws_session_token = t\r\n[third]\naws_access_key_id = Y',
      { accessKeyId: 'A', secretAccessKey: 'b', sessionToken: 't' },
    ],
  ])('is read: %j', (text, credentials) => {
    expect(parseCredentials(text)).toEqual(credentials);
  });

  it.each([
    '',
    'aws_access_key_id=A\naws_secret_access_key=b',
    '[other]\naws_access_key_id=A\naws_secret_access_key=b',
    '[default]\naws_access_key_id=A',
    '[default]\naws_access_key_id=A\naws_secret_access_key=',
    '[default]\naws_access_key_id=A\naws_secret_access_key=b c',
  ])('is none: %j', (text) => {
    expect(() => parseCredentials(text)).toThrow('are not both there');
  });
});

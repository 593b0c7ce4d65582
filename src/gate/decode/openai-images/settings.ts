// The words in which requests and answers say what a picture is like.
import { oneOf, type Fields } from '../read/readers.ts';

export const settings: Fields = {
  background: oneOf('transparent', 'opaque', 'auto'),
  output_format: oneOf('png', 'jpeg', 'webp'),
  quality: oneOf('standard', 'hd', 'low', 'medium', 'high', 'auto'),
  size: oneOf('auto', '256x256', '512x512', '1024x1024', '1536x1024', '1024x1536', '1792x1024', '1024x1792'),
};

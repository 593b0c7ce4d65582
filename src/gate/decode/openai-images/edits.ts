// A picture to be changed in, as a form; what is to be seen instead, out. The picture itself is opaque.
import { formRequest } from '../read/form.ts';

export const decodeRequest = formRequest({
  texts: ['prompt'],
  files: ['image', 'mask'],
  settings: {
    n: /^\d{1,2}$/,
    background: null,
    input_fidelity: null,
    moderation: null,
    output_compression: null,
    output_format: null,
    quality: null,
    response_format: null,
    size: null,
    user: null,
    partial_images: null,
    // An event that holds a picture is longer than events may be.
    stream: /^false$/i,
  },
});

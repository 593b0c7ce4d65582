// For dialects that have no system instruction: that there is no place where one could be pinned.
import { err } from '../../lib/result.ts';
import type { Codec } from './codec.ts';

export const pinNowhere: Codec['pinSystem'] = () => err({ code: 'request.no_system_instruction' });

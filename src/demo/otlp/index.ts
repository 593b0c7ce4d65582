// A place for telemetry to go when there is no collector: tests assert on it, the demonstration shows it.
export { startOtlpReceiver } from './receiver.ts';
export type { OtlpReceiver, OtlpReceiverOptions } from './receiver.ts';
export type { ReceivedAttributes, ReceivedPoint, ReceivedSpan } from './read.ts';

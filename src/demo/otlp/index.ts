// A place for telemetry to go when there is no collector: tests assert on it, the demonstration shows it.
export { startOtlpReceiver } from './receiver.ts';
export type { OtlpReceiver } from './receiver.ts';

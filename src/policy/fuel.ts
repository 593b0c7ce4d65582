// How much a policy may do before it is stopped: what the compiler puts into the module and the host fills.

/** An exported counter. It falls by at least one for every 64 instructions, and traps below zero. */
export const FUEL_GLOBAL = 'postern_fuel';

/** What a module starts with, to load its data; some 0.3 s at most. */
export const LOADING_FUEL = 2 ** 28;

const BASE = 1_500_000;
const PER_INPUT_BYTE = 32;

/** Enough to read the input and go over it a few times, whatever its length, and for what does not depend on it. */
export const fuelFor = (inputBytes: number): number => BASE + PER_INPUT_BYTE * inputBytes;

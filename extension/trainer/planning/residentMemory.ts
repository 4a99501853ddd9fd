/** Resident bytes for each byte of a step's peak, beside the idle process: allocators keep what has been freed. Measured. */
export const residentPerPeak = { "native-gpu": 0.2, native: 1.4, wasm: 2.2 } as const;

/*
 * What our programs agree on about the pipes between them.
 */

/** Characters of a line. A longer one is a fault of its writer; an evaluation of 100,000 images stays below it. */
export const longestLine = 64 * 1024 * 1024;

/** The file descriptor of the child on which its heart beats, from a thread of its own: a byte a beat. */
export const heartbeatDescriptor = 4;

/** Milliseconds between two beats. */
export const heartbeatInterval = 1000;

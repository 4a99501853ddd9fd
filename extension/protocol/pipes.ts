/*
 * Conventions of the pipes between our processes.
 */

/**
 * The most characters of a JSON line. The line of an evaluation of 100,000 images is shorter; a longer line is a bug of the program that
 * wrote it.
 */
export const longestLine = 64 * 1024 * 1024;

/** The file descriptor in the child process to which a thread of its own writes one byte for each heartbeat. */
export const heartbeatDescriptor = 4;

/** Milliseconds between two heartbeats. */
export const heartbeatInterval = 1000;

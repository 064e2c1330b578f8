/*
 * Limits on what a server can make a reading do. They are far above what any vendor is known to serve: reaching one means
 * that the server is at fault, and the stream ends with an error that says so.
 */

/** Pages of one list. At 200 records a page that is twenty million of them. */
export const MAX_PAGES_PER_LIST = 100_000;

/**
 * Pages in a row that bring nothing, since they are empty or were served before. An API that scans by partition sends many of
 * them while it finds nothing.
 */
export const MAX_EMPTY_PAGES = 1_000;

/** How long such pages are followed: a slow server would hold the run for hours. */
export const MAX_EMPTY_TIME = 5 * 60_000;

/** Characters of a cursor, which travels in an address and stands in the note of a page. */
export const MAX_CURSOR_LENGTH = 8_192;

/** Bytes of one record in a body of lines, of which nothing but the record itself tells the end: as many as an answer may have. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Members of a fan-out that are refused before one has answered: then it is the endpoint that refuses, not they. */
export const MAX_REFUSED_MEMBERS = 20;

/** Readings of a list that keeps changing. */
export const MAX_PASSES = 6;

/** The name under which a server claims its store, for as long as it serves it. */
export const SERVER_CLAIM = 'serve'

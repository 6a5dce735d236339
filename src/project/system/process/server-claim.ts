export const SERVER_CLAIM = 'serve'

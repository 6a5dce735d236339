/** `show interfaces`: several areas read it, and it is asked once. */
export const SHOW_INTERFACES = { cmd: 'show interfaces', revision: 1 }

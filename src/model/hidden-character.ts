/**
 * A character that nobody sees, or that moves what is seen: controls, format characters (bidi, joiners, tags), separators
 * of lines, lone halves of surrogate pairs, and everything that Unicode lets a font ignore (UAX 44,
 * Default_Ignorable_Code_Point). What is approved must be what is seen (docs/transport.md#what-people-write).
 */
export const HIDDEN_CHARACTER = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u

import type { Json } from './json.ts'

/** A type that a schema infers, with nothing in it that can be written. */
export type DeepReadonly<T> = Json extends T
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T

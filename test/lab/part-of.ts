/** What of a value is given: some of its members, and of these again some. */
export type Part<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Part<T[Key]> | undefined }
    : T

/** A double that has only what the code under test asks of it: the compiler compares that with the type, and refuses a member that is none. */
export function partOf<T>(part: Part<T>): T {
  return part as unknown as T
}

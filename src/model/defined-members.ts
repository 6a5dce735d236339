type Defined<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
}

/** The member of a record under a name that comes from outside: none of those that every object has. */
export function ownMember<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A list, or undefined where nothing is in it: what {@link definedMembers} leaves out. */
export function unlessEmpty<T>(list: readonly T[]) {
  return list.length === 0 ? undefined : list
}

/** The members that are not undefined, to be spread: what is absent stays absent in what is digested, compared and sent. */
export function definedMembers<T extends object>(members: T): Defined<T> {
  const defined: Record<string, unknown> = {}
  // By name and not by entry: an append and each line of a configuration come through here.
  for (const name of Object.keys(members)) {
    const value = members[name as keyof T]
    if (value !== undefined) defined[name] = value
  }
  return defined as Defined<T>
}

export function withKey<T>(before: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(before).set(key, value)
}

export function withoutKey<T>(before: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return before.has(key) ? new Map([...before].filter(([one]) => one !== key)) : before
}

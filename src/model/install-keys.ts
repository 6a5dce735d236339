import { definedMembers } from './json.ts'
export interface InstallKeys {
  readonly key: string
  /** The one that the store is rotated to next; it seals nothing before. */
  readonly next?: string
  /** Those that the store was under before: they read what was made under them, and seal nothing any more. */
  readonly old: readonly string[]
}

export interface InstallKey {
  readonly text: string
  /** Those that were in use before: what is on record is judged by them as well, what comes from elsewhere is not. */
  readonly former: readonly string[]
  readonly next?: string | undefined
  /** The ids of keys that were in use before and are not here; absent where there was none but the present one. */
  readonly lacking?: readonly string[]
}

/** An install key that no other goes before or comes after. */
export function onlyKey(text: string): InstallKey {
  return { text, former: [] }
}

export function asGiven({ text, next, former }: InstallKey): InstallKeys {
  return { key: text, ...definedMembers({ next }), old: former }
}

/** The key in use and those before it. */
export function everyKey({ text, former }: InstallKey): readonly string[] {
  return [text, ...former]
}

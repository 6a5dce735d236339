import type { Notes } from '../../change/record/store/notes.ts'

// An event that comes again within so many milliseconds makes nothing: 7 days.
const KNOWN_FOR = 7 * 86_400_000
// So many of the newest are known, one for each minute of that: each costs what all of them take to be listed.
const MOST = 10_000

export interface KnownEvents {
  has(key: string): Promise<boolean>
  add(key: string): Promise<void>
}

const KIND = 'event'

/** It is no record: that one event begins at most one execution is kept by the key of that execution. What is marked here makes nothing once more, where it has begun none. */
export function decidedEvents(notes: Notes): KnownEvents {
  return {
    has: async (key) => (await notes.read(KIND, key)) !== undefined,
    add: (key) => notes.set(KIND, key, '', { lasts: KNOWN_FOR, most: MOST }),
  }
}

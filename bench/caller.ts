import type { Caller } from '../src/project/identity/caller-of.ts'

/** Who begins the changes of a measurement: nobody is asked, and nothing stops it. */
export const CALLER: Caller = {
  principal: { issuer: 'local', id: 'bench', kind: 'person', auth: 'os' },
  interactive: false,
  stop: new AbortController().signal,
  tell: () => undefined,
  ask: async () => undefined,
}

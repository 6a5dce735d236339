import { expect } from 'vitest'
import { begun, type Case, ended, freshWorkflow, judged, redriven, type Site, sent, type Way } from './site.ts'

/** How often, and when, one person approves a plan before the first execution of it ends. `send`: has it sent. */
const PATTERNS: Readonly<
  Record<string, (site: Site, way: Way, one: Case, send: () => Promise<void>) => Promise<void>>
> = {
  once: async (site, way, one, send) => {
    await way(site, one)
    await send()
  },
  twice: async (site, way, one, send) => {
    await way(site, one)
    await way(site, one)
    await send()
  },
  'twice at once': async (site, way, one, send) => {
    await Promise.all([way(site, one), way(site, one)])
    await send()
  },
  'at once in two processes': async (site, way, one, send) => {
    await Promise.all([way(site, one), way(site, { ...one, app: site.apps[1] })])
    await send()
  },
  'once more while it is sent': async (site, way, one, send) => {
    await way(site, one)
    await send()
    await way(site, { ...one, app: site.apps[1] })
  },
}

interface Scene {
  readonly first: Case
  /** Begins another execution of the same plan, in another process. */
  again(): Promise<Case>
}

/** What becomes of the first execution, and which executions try to send the plan behind that. `sends`: whether the first one sends before its end. */
const ENDINGS: Readonly<
  Record<string, { readonly sends: boolean; readonly behind: (scene: Scene) => Promise<readonly Case[]> }>
> = {
  'it is stopped while it is live': {
    sends: true,
    behind: async ({ first, again }) => {
      await ended(first, 'cancelled')
      return [await again()]
    },
  },
  'it is stopped while it is live, and redriven': {
    sends: true,
    behind: async ({ first, again }) => {
      await ended(first, 'cancelled')
      await redriven(first)
      return [first, await again()]
    },
  },
  'it is put back': {
    sends: true,
    behind: async ({ first, again }) => {
      await ended(first, 'rolled-back')
      return [await again(), await again()]
    },
  },
  'it is confirmed, and rolled back by another plan': {
    sends: true,
    behind: async ({ first, again }) => {
      await ended(first, 'succeeded')
      return [await again()]
    },
  },
  'it is put back, and redriven': {
    sends: true,
    behind: async ({ first, again }) => {
      await ended(first, 'rolled-back')
      await redriven(first)
      const beside = await again()
      expect((await judged(beside)).status).toBe('used')
      await ended(first, 'succeeded')
      return [beside, await again()]
    },
  },
  'another waits beside it': { sends: true, behind: async ({ again }) => [await again()] },
  'it is stopped before it has sent anything': {
    sends: false,
    behind: async ({ first, again }) => {
      await ended(first, 'cancelled')
      return [await again()]
    },
  },
  'it is stopped before it has sent anything, and redriven': {
    sends: false,
    behind: async ({ first, again }) => {
      await ended(first, 'cancelled')
      await redriven(first)
      return [first, await again()]
    },
  },
  'it is refused, and two others come': {
    sends: false,
    behind: async ({ first, again }) => {
      await ended(first, 'refused')
      const [one, other] = [await again(), await again()]
      // Both are judged before either has sent.
      const judgements = [await judged(one), await judged(other)]
      const both = await Promise.all([sent(one, judgements[0]), sent(other, judgements[1])])
      expect(both.filter(Boolean)).toHaveLength(1)
      await ended(one, 'rolled-back')
      await ended(other, 'refused')
      return [await again()]
    },
  },
}

export const PATTERN_NAMES = Object.keys(PATTERNS)
export const ENDING_NAMES = Object.keys(ENDINGS)

/** None of these is on a switch of the fabric. */
let vlan = 2000

/**
 * Lives through a way of approving with every pattern and every ending: with one person's word a plan is sent once at most, and once more where they say
 * it again behind its end. Gives how many cases that were, and how often something was sent.
 */
export async function livedThrough(site: Site, way: Way): Promise<{ readonly cases: number; readonly sends: number }> {
  let [cases, sends] = [0, 0]
  for (const [pattern, approve] of Object.entries(PATTERNS)) {
    for (const [ending, { sends: isSent, behind }] of Object.entries(ENDINGS)) {
      vlan += 1
      cases += 1
      const file = freshWorkflow(site, vlan)
      const first = await begun(site, site.apps[0], file)
      const send = async (): Promise<void> => {
        if (!isSent) return
        expect(await sent(first), `${pattern}, ${ending}: the first`).toBe(true)
        sends += 1
      }
      const again = async (): Promise<Case> => {
        const next = await begun(site, site.apps[1], file)
        expect(next.plan.digest).toBe(first.plan.digest)
        return next
      }
      expect(await sent(first), 'nobody has approved it').toBe(false)
      await approve(site, way, first, send)
      const left = await behind({ first, again })
      for (const one of left) expect(await sent(one), `${pattern}, ${ending}: another`).toBe(false)
      if (ending === 'another waits beside it') await ended(first, 'rolled-back')
      // Said anew behind the end, it is a word for the next one, and for that alone.
      const [next] = left
      if (next === undefined) throw new Error('nobody tries')
      await way(site, next)
      expect(await sent(next), `${pattern}, ${ending}: approved anew`).toBe(true)
      sends += 1
      expect(await sent(await again()), `${pattern}, ${ending}: a third`).toBe(false)
    }
  }
  return { cases, sends }
}

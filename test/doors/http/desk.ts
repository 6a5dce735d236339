import type { ActContext } from '../../../src/doors/http/context/act-context.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Denial } from '../../../src/project/app/app.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import {
  type App,
  appOf,
  inventoryOf,
  type Lab,
  openLab,
  PEOPLE,
  personNamed,
  policyWith,
  preparedIn,
  SETTINGS,
} from '../../lab/lab.ts'

export const ann = personNamed('ann')

/** A desk over a lab, and what its acts leave there. */
export async function deskOver(lab: Lab, { isEnding = false } = {}) {
  const app = await appOf(lab)
  const begun: string[] = []
  const denied: (readonly [Denial, number])[] = []
  const failed: string[] = []
  const heeded: Promise<unknown>[] = []
  const context = {
    app,
    runs: {
      requireOpen: () => {
        if (isEnding) throw new EosflowError('busy', 'this server is ending')
      },
      begin: ({ id }: { id: string }) => void begun.push(id),
      heed: (work: Promise<unknown>) => void heeded.push(work),
    },
    denials: {
      put: async (denial: Denial, leftOut: number) => void denied.push([denial, leftOut]),
      close: async () => {},
    },
    requests: { ask: async (_who: unknown, digest: string) => (digest === '' ? 0 : Date.UTC(2026, 0, 6)) },
    following: new AbortController().signal,
    failed: (what: string, error: unknown) => void failed.push(`${what}: ${(error as Error).message}`),
  } as unknown as ActContext
  return { lab, app, context, begun, denied, failed, heeded }
}

export async function begunIn(app: App, by = ann) {
  return (await begin(app, by, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })).id
}

/** A lab with the policy of the table of decisions, and more rules. */
export function labWith(policy: Parameters<typeof policyWith>[0]): Lab {
  const lab = openLab()
  const tagged = inventoryOf(lab.fabric).replaceAll(/("(leaf|spine)\d+":\{[^}]*"tags":\{)/g, '$1"role":"$2",')
  lab.write('inventory.yaml', tagged)
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', policyWith(policy))
  return lab
}

export const alice: Caller = { ...ann, principal: PEOPLE.alice }

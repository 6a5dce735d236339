import { EosflowError } from '../../../model/error.ts'
import type { AppendAnswer } from '../chains/append-basis.ts'
import type { AppendRequest } from '../chains/append-request.ts'
import { usesIn } from '../event/event-uses.ts'
import { PolicyMovedError, requireConditions } from '../store/condition.ts'
import type { Store } from '../store/store.ts'
import { missingError } from './lost-tail.ts'

export function refusalOf(
  { execution, events, after }: AppendRequest,
  answer: Extract<AppendAnswer, { readonly is: 'unmet' | 'moved' | 'owned' | 'used' | 'unreplicated' | 'missed' }>,
): unknown {
  if (answer.is === 'moved') return new PolicyMovedError()
  if (answer.is === 'owned') return ownedElsewhere(execution ?? '')
  if (answer.is === 'unreplicated') return unreplicated()
  if (answer.is === 'missed') return missingError('guard', [])
  if (answer.is === 'used') {
    const use = events.flatMap(usesIn).find(({ key }) => key === answer.key)
    return use?.refusal() ?? new EosflowError('bug', `nobody has used ${answer.key}`)
  }
  try {
    // The condition that does not hold says so itself; those before it do.
    const failed = typeof after === 'object' ? after.filter((one) => 'of' in one && one.of === answer.of) : after
    const facts = { newest: () => answer.newest, newestPolicy: () => 0, isAsked: () => answer.isAsked }
    requireConditions(facts, execution, failed)
  } catch (refusal) {
    return refusal
  }
  return new EosflowError('bug', `the database refuses a condition that holds, about ${answer.of}`)
}

function ownedElsewhere(execution: string) {
  return new EosflowError('busy', `execution ${execution} was continued by another process`, {
    hint: `eosflow watch ${execution}`,
  })
}

/** Throws BrokenChainError where it was altered: nobody has continued that. */
export async function elsewhereOrForged(store: Pick<Store, 'read'>, execution: string): Promise<EosflowError> {
  await store.read(execution)
  return ownedElsewhere(execution)
}

export async function unlessForged<T>(
  store: Pick<Store, 'read'>,
  execution: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (execution !== undefined && error instanceof EosflowError && error.kind === 'busy') await store.read(execution)
    throw error
  }
}

/** What leads a change on where one server alone would know of it (docs/adr/0075). */
export function unreplicated(): EosflowError {
  return new EosflowError(
    'guard',
    'no synchronous standby of the server would have what is announced: a failover could forget it',
    {
      hint: 'Give the server a synchronous standby, or say in eosflow.yaml that one server is enough: workers.durability: single.',
    },
  )
}

export function declaredDead(): EosflowError {
  return new EosflowError(
    'busy',
    'this process did not answer for too long, and others go on with what it did: nothing was written',
    {
      hint: 'Start it again.',
    },
  )
}

import { describe, expect, test } from 'vitest'
import { decideLocal } from '../../../src/change/policy/decision.ts'
import type { Principal, Scope } from '../../../src/model/principal.ts'

const principal = (kind: Principal['kind']): Principal => ({ issuer: 'local', id: 'it', kind, auth: 'os' })

/** Every scope, and what it takes in local mode. */
const SCOPES: readonly (readonly [scope: Scope, agent: 'allow' | 'deny'])[] = [
  ['workflow.list', 'allow'],
  ['approval.request', 'allow'],
  ['plan.create', 'allow'],
  ['plan.read', 'allow'],
  ['plan.approve', 'deny'],
  ['plan.reject', 'deny'],
  ['execution.start', 'deny'],
  ['execution.read', 'allow'],
  ['execution.stop', 'deny'],
  ['task.snapshot', 'allow'],
  ['task.plan', 'allow'],
  ['task.push', 'deny'],
  ['task.verify', 'deny'],
  ['task.confirm', 'deny'],
  ['task.rollback', 'deny'],
  ['task.exec', 'deny'],
]

describe('without a policy', () => {
  test.each(SCOPES)('a person may %s', (scope) => {
    expect(decideLocal(principal('person'), scope)).toMatchObject({ effect: 'allow', rule: 'local-person' })
  })

  test.each(SCOPES)('%s by an agent: %s', (scope, effect) => {
    expect(decideLocal(principal('agent'), scope)).toMatchObject({
      effect,
      rule: effect === 'allow' ? 'local-read-and-plan' : 'local-person-only',
    })
  })

  test.each(SCOPES)('%s by a service: %s', (scope, effect) => {
    expect(decideLocal(principal('service'), scope).effect).toBe(effect)
  })

  test('a refusal names the act and who asked', () => {
    expect(decideLocal(principal('agent'), 'task.push').reason).toBe(
      'without a policy only a person may task.push, and it is an agent',
    )
  })
})

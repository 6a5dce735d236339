export interface TwoPeople {
  /** The one person who approves, by the name in the trusted keys; absent: each approves what another has asked for. */
  readonly lead?: string | undefined
}

const LOOK =
  '[workflow.list, plan.create, plan.read, approval.request, execution.read, task.snapshot, task.plan, task.verify]'
const ALONE =
  '[execution.stop, plan.reject, device.unlock, baseline.set, notice.end, intent.adopt, audit.read, audit.export]'

export function twoPeoplePolicy({ lead }: TwoPeople): string {
  const rule = lead === undefined ? 'a second person' : lead
  const roles = lead === undefined ? '' : `roles:\n  lead: { members: ["ssh:sub:${lead}"] }\n`
  const from = lead === undefined ? '' : 'from: [lead], '
  const to = lead === undefined ? '"kind:person"' : 'lead'
  return `# A change needs the approval of ${rule}, by an SSH key: docs/two-people.md.
# Whose key is whose is in trust/allowed_signers: eosflow trust add NAME KEY.pub
version: 1
${roles}rules:
  # All plan, look and ask.
  - id: look
    allow: ${LOOK}
    to: ["kind:person", "kind:service", "kind:agent"]
  # A person changes switches, and undoes a change, with one approval.
  # knownRequester: who asks must have a key here, so that no person asks and approves under two names.
  - id: change
    allow: [execution.start, task.push, task.confirm, task.rollback, task.exec]
    to: ["kind:person"]
    require: { approvals: { count: 1, ${from}notRequester: true, knownRequester: true, proof: [ssh] } }
  - id: approve
    allow: [plan.approve]
    to: [${to}]
  # To stop or reject a change, and to keep what was seen, needs no other person.
  - id: alone
    allow: ${ALONE}
    to: ["kind:person"]
  # No single person goes on without this file.
  - { id: stays, deny: [policy.retire], to: ["kind:person"] }
tests:
  - name: a change needs one approval
    given: { who: { issuer: local, id: asker }, action: task.push, devices: [{ name: leaf1 }] }
    expect: { effect: allow, rules: [change], approvals: 1 }
  - name: an undo needs one approval
    given: { who: { issuer: local, id: asker }, action: execution.start, devices: [{ name: leaf1 }], workflow: rollback/x/workflow.yaml }
    expect: { effect: allow, rules: [change], approvals: 1 }
${approvers(lead)}  - name: an agent changes nothing
    given: { who: { kind: agent, issuer: local, id: bot }, action: task.push, devices: [{ name: leaf1 }] }
    expect: deny
  - name: no single person takes the policy away
    given: { who: { issuer: local, id: asker }, action: policy.retire }
    expect: deny
`
}

function approvers(lead: string | undefined) {
  const row = (name: string, id: string, effect: string) =>
    `  - name: ${name}
    given: { who: { issuer: ssh, id: "${id}" }, action: plan.approve, devices: [{ name: leaf1 }] }
    expect: ${effect}
`
  if (lead === undefined) return row('a person approves', 'someone', 'allow')
  return `${row(`${lead} approves`, lead, 'allow')}${row('another person does not', `not-${lead}`, 'deny')}`
}

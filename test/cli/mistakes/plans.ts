import { typeOn } from '../../lab/type-on.ts'
import type { Desk, Mistake } from './desk.ts'

const VALUE = (last: number): readonly string[] => ['workflows/ntp.yaml', '-p', `server=192.0.2.${last}`]
const N5 = 'N5'
const C9 = 'C9'

/** Plans the change with one server into a file. */
const plans = (desk: Desk, file: string, last = 9): Promise<string> =>
  desk.prepares(['plan', ...VALUE(last), '-o', file])

const digestIn = (desk: Desk, file: string): string =>
  /sha256:[0-9a-f]{64}/.exec(/"digest":\s*"sha256:[0-9a-f]{64}"/.exec(desk.read(file))?.[0] ?? '')?.[0] ?? ''

/** Mistakes with a plan that was saved. */
export const OF_PLANS: readonly Mistake[] = [
  {
    title: 'nobody has approved the plan, and nobody is there to be asked',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.types(['run', 'ntp.plan'])
    },
  },
  {
    title: 'the digest is that of another plan',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'a.plan', 9)
      await plans(desk, 'b.plan', 10)
      await desk.types(['approve', 'a.plan', '--digest', digestIn(desk, 'b.plan')])
    },
  },
  {
    title: 'the digest of another plan is given to run',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'a.plan', 9)
      await plans(desk, 'b.plan', 10)
      await desk.types(['run', 'a.plan', '--approve', digestIn(desk, 'b.plan')])
    },
  },
  {
    title: 'the plan file was edited',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      desk.write({ 'ntp.plan': desk.read('ntp.plan').replaceAll('192.0.2.9', '192.0.2.8') })
      await desk.types(['approve', 'ntp.plan'])
    },
  },
  {
    title: 'the plan has been run before',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares(['approve', 'ntp.plan'])
      await desk.prepares(['run', 'ntp.plan'])
      await desk.types(['run', 'ntp.plan'])
    },
  },
  {
    title: 'the plan that has been run is approved again',
    row: N5,
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares(['approve', 'ntp.plan'])
      await desk.prepares(['run', 'ntp.plan'])
      await desk.types(['approve', 'ntp.plan'])
    },
  },
  {
    title: 'a colleague has typed a line on a switch since the plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares(['approve', 'ntp.plan'])
      await typeOn(desk.lab.fabric.device('leaf1'), 'configure', 'ntp server vrf MGMT 192.0.2.1', 'end', 'write')
      await desk.types(['run', 'ntp.plan'])
    },
  },
  {
    title: 'the workflow was altered since the plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.prepares(['approve', 'ntp.plan'])
      desk.write({ 'workflows/ntp.yaml': desk.read('workflows/ntp.yaml').replace('5m', '6m') })
      await desk.types(['run', 'ntp.plan'])
    },
  },
  {
    title: 'targets are given with a plan',
    make: async (desk) => {
      await plans(desk, 'ntp.plan')
      await desk.types(['run', 'ntp.plan', '-t', 'leaf1'])
    },
  },
  {
    title: 'the plan is not there',
    make: (desk) => desk.types(['run', 'ntp.plan']),
  },
  {
    title: 'the rollback is of an execution that has changed nothing',
    make: async (desk) => {
      const said = await desk.prepares(['run', ...VALUE(9)], { answers: ['no'] }, [4, 11])
      const id = /\d{8}-\d{6}-[0-9a-f]{8}/.exec(said)?.[0] ?? ''
      await desk.types(['rollback', id])
    },
  },
]

const POLICY = `version: 1
roles:
  approver: { members: ['ssh:sub:bob@example.org'] }
rules:
  - { id: work, to: ['kind:person'], allow: [plan.create, plan.read, execution.read, execution.stop, task.snapshot, task.plan, task.verify] }
  - id: change
    to: ['kind:person']
    allow: [execution.start, task.push, task.confirm, task.rollback]
    require: { approvals: { count: 1, from: [approver], notRequester: true } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
`
/** The same, where the local user is of those who approve. */
const LOCAL = POLICY.replace("'ssh:sub:bob@example.org'", "'ssh:sub:bob@example.org', 'kind:person'")

const under = (policy: string, title: string, row: string, make: (desk: Desk) => Promise<void>): Mistake => ({
  title,
  row,
  make: async (desk) => {
    desk.write({ 'policy.yaml': policy })
    await make(desk)
  },
})

/** Mistakes in who may do what, and when. */
export const OF_DECISIONS: readonly Mistake[] = [
  under(POLICY, 'the plan is approved by the one who made it, who is no approver', N5, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types(['approve', 'ntp.plan'])
  }),
  under(LOCAL, 'the plan is approved by the one who made it, and the policy wants another', N5, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types(['approve', 'ntp.plan'])
  }),
  under(POLICY, 'a plan is made that only another may approve', C9, (desk) =>
    desk.types(['plan', ...VALUE(9), '-o', 'ntp.plan']),
  ),
  under(POLICY, 'a change is run that only another may approve', C9, (desk) =>
    desk.types(['run', ...VALUE(9)], { answers: ['yes'] }),
  ),
  under(POLICY, 'a plan is run that another has not approved', C9, async (desk) => {
    await plans(desk, 'ntp.plan')
    await desk.types(['run', 'ntp.plan'])
  }),
  under(POLICY.replace('plan.create, ', ''), 'a plan is made by a person who may not', C9, (desk) =>
    desk.types(['plan', ...VALUE(9)]),
  ),
  under(POLICY.replace('execution.start, ', ''), 'a change is run by a person who may only plan', C9, (desk) =>
    desk.types(['run', ...VALUE(9)]),
  ),
  {
    title: 'a freeze is set',
    make: async (desk) => {
      await desk.prepares(['freeze', '--reason', 'migration of the core', '--for', '2h'])
      await desk.types(['run', ...VALUE(9)], { answers: ['yes'] })
    },
  },
  {
    title: 'the change is put back, because its check fails',
    row: C9,
    make: async (desk) => {
      desk.write({
        'workflows/ntp.yaml': desk
          .read('workflows/ntp.yaml')
          .replace('bgp-established', 'vlans-present: { vlans: [998] }'),
      })
      await desk.types(['run', ...VALUE(9), '-t', 'leaf1'], { answers: ['yes'] })
    },
  },
]

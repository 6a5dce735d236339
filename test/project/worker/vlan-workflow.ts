/** In what the changes of these tests differ. */
interface VlanWorkflow {
  readonly name?: string
  readonly rollout?: string
  readonly confirmWithin?: string
  readonly verify?: string
  readonly state?: string
}

/** A workflow that makes one VLAN, by its parameter, on every switch at once. */
export function vlanWorkflow({
  name = 'vlan',
  rollout = 'atomic: change',
  confirmWithin = '2m',
  verify = 'within: 20s, stableFor: 1s, every: 1s',
  state = 'interfaces',
}: VlanWorkflow = {}) {
  return `name: ${name}
targets: '*'
params:
  vlan: { type: integer }
change:
  mode: merge
  lines: ['vlan {{ vlan }}', '   name TESTED']
rollout: { waves: ['100%'], ${rollout} }
steps:
  - snapshot: { state: [${state}] }
  - plan
  - approve
  - push: { confirmWithin: ${confirmWithin} }
  - verify: { ${verify}, checks: [reachable] }
  - confirm
`
}

/** A workflow that makes one VLAN, by its parameter, confirms and saves it, and ends badly: every switch is restored. So it does every act. */
export const BACK_WORKFLOW = `name: back
targets: '*'
params:
  vlan: { type: integer }
change:
  mode: merge
  lines: ['vlan {{ vlan }}', '   name TESTED']
rollout: { waves: ['100%'], atomic: change }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Arguments: { state: [interfaces] }, Next: MakePlan }
  MakePlan: { Type: Task, Resource: eosflow:plan, Next: ApprovePlan }
  ApprovePlan: { Type: Task, Resource: eosflow:approve, Next: RollOut }
  RollOut:
    Type: Map
    Items: waves
    Next: CheckTimers
    ItemProcessor:
      StartAt: RollOutWave
      States:
        RollOutWave:
          Type: Map
          Items: wave
          End: true
          ItemProcessor:
            StartAt: PushChange
            States:
              PushChange: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 2m }, Next: VerifyChange }
              VerifyChange: { Type: Task, Resource: eosflow:verify, Arguments: { within: 20s, stableFor: 1s, every: 1s, checks: [reachable] }, End: true }
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmAll }
  ConfirmAll:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: ConfirmChange, States: { ConfirmChange: { Type: Task, Resource: eosflow:confirm, End: true } } }
    Next: SaveAll
  SaveAll:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: SaveChange, States: { SaveChange: { Type: Task, Resource: eosflow:save, End: true } } }
    Next: GoBack
  GoBack: { Type: Fail, Error: NotWanted, Cause: it is to be put back }
`

/** The states of a change behind its approval: pushed and verified in its waves, confirmed and saved. */
export const ROLLED_OUT = `  RollOut:
    Type: Map
    Items: waves
    ItemProcessor:
      StartAt: RollOutWave
      States:
        RollOutWave:
          Type: Map
          Items: wave
          ItemProcessor:
            StartAt: PushChange
            States:
              PushChange: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 5m }, Next: VerifyChange }
              VerifyChange:
                Type: Task
                Resource: eosflow:verify
                Arguments: { within: 20s, stableFor: 0s, every: 1s, checks: [reachable] }
                End: true
          End: true
    Next: CheckTimers
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmChanges }
  ConfirmChanges:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: ConfirmChange
      States:
        ConfirmChange: { Type: Task, Resource: eosflow:confirm, End: true }
    Next: SaveAll
  SaveAll:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: SaveChange
      States:
        SaveChange: { Type: Task, Resource: eosflow:save, End: true }
    Next: Done
  Done: { Type: Succeed }
`

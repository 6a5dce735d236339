import { quoted } from './text.ts'

/** `folder`: its path from the project. */
export function deployText(folder: string): string {
  return `# Replaces the configuration of each switch by the one that AVD has built for it.
#
#   eosflow plan workflows/deploy.yaml
#
# The plan is the difference that each switch itself computes. Until the confirm a commit timer runs on each switch: without
# it, the switch puts itself back.
name: deploy
description: Deploy the configurations that AVD has built

targets: '*'
change: { mode: replace, file: ${quoted(`${folder}/{{ device.name }}.cfg`)} }
rollout: { waves: [1, 50%, 100%] }

steps:
  - snapshot: { state: [interfaces, bgp] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 3m
      stableFor: 30s
      checks:
        - reachable # add what must hold: \`eosflow check list\`
  - confirm

onFailure: rollback
`
}

export const FIRST_CHANGE = `# Names a VLAN on the switches that -t selects.
#
#   eosflow plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE -t SWITCH
#
# Lines may read \`device.vars.NAME\`, \`device.tags.NAME\` and \`device.groups\`: \`eosflow inventory show SWITCH\` lists them.
name: add-vlan
description: Add a VLAN

params:
  vlan:  { type: integer, minimum: 2, maximum: 4094, description: the VLAN's number }
  label: { type: string, pattern: '[A-Z0-9_-]{1,32}', description: its name }

targets: '*'
change:
  mode: merge
  template: templates/add-vlan.j2
rollout: { waves: [1, 50%, 100%] }

steps:
  - snapshot: { state: [interfaces, vlan] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 3m
      stableFor: 30s
      expect: { vlan: { added: ['{{ vlan }}'] }, everythingElse: unchanged }
      checks:
        - reachable
        - vlans-present: { vlans: ['{{ vlan }}'] }
  - confirm

onFailure: rollback
`

/** What {@link FIRST_CHANGE} renders. */
export const FIRST_TEMPLATE = `vlan {{ vlan }}
   name {{ label }}
`

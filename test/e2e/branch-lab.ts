import { inventoryOf, type Lab, openLab, workflowFor } from '../lab/lab.ts'
import { netboxDevice, startNetbox, TOKENS } from '../project/switches/inventory/device-service.ts'

/** When the branch was last made equal to main. */
export const SYNCED = '2026-11-20T16:41:03.512345Z'

const device = (vlan: string) => netboxDevice(1, { name: 'leaf1', custom_fields: { vlan }, comments: '' })

type Spoil = NonNullable<Parameters<typeof startNetbox>[1]>['spoil']

/** A NetBox with a branch `new-vlan`, in which the name of a VLAN differs from main, and a project that reads it. */
export async function branched({ spoil, timeout = 30 }: { readonly spoil?: Spoil; readonly timeout?: number } = {}) {
  const state = {
    main: 'OLD',
    onBranch: 'TESTED',
    branch: {
      name: 'new-vlan',
      schema_id: 'td5smq0f',
      status: { value: 'ready', label: 'Ready' },
      last_sync: SYNCED as string | null,
      merged_time: null as string | null,
    },
    looks: 0,
    onLook: (_looks: number) => undefined,
  }
  const main = [device('OLD')]
  const netbox = await startNetbox(main, {
    branches: () => {
      state.looks += 1
      state.onLook(state.looks)
      return [state.branch, { ...state.branch, name: 'other', schema_id: 'aaaaaaaa' }]
    },
    ...(spoil === undefined ? {} : { spoil }),
    onBranch: (schema) => (schema === 'td5smq0f' ? [device(state.onBranch)] : []),
  })
  const lab = openLab({
    workflow: workflowFor('leaf1', { lines: ['vlan 998', '   name {{ device.vars.custom_fields.vlan }}'] }),
    env: { NETBOX_TOKEN: TOKENS.v1 },
  })
  const source = { netbox: { url: netbox.origin, token: `\${env:NETBOX_TOKEN}`, vars: ['custom_fields'], timeout } }
  lab.write('inventory.yaml', JSON.stringify({ ...JSON.parse(inventoryOf(lab.fabric)), sources: [source] }))
  const merge = (vlan: string) => {
    main.splice(0, 1, device(vlan))
    state.branch = {
      ...state.branch,
      status: { value: 'merged', label: 'Merged' },
      merged_time: '2026-11-21T08:00:00Z',
    }
  }
  const plan = () => lab.eosflow('plan workflow.yaml --netbox-branch new-vlan -o b.plan')
  const run = async () => {
    await lab.eosflow('approve b.plan')
    return lab.eosflow('run b.plan')
  }
  return { lab, netbox, state, merge, plan, run }
}

/** How many timed commits the switch has taken. */
export const timed = ({ fabric }: Lab) => fabric.device('leaf1').counters().commits.timed

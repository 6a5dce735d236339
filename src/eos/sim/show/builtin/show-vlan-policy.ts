import { defineShow } from '../format/define.ts'

/** `show vlan internal allocation policy`: EOS's default is ascending from 1006. */
export const showVlanPolicy = defineShow({
  words: 'show vlan internal allocation policy',
  docs: 'Which VLANs the switch takes for itself; the keys that ANTA reads.',
  json: ({ running }) => {
    const line = running.children.find((node) => node.line.startsWith('vlan internal order '))?.line ?? ''
    const [, policy = 'ascending', start = '1006', end = '4094'] = /order (\S+) range (\d+) (\d+)/.exec(line) ?? []
    return { policy, startVlanId: Number(start), endVlanId: Number(end) }
  },
  text: ({ running }) => {
    const line = running.children.find((node) => node.line.startsWith('vlan internal order '))?.line ?? ''
    const [, policy = 'ascending', start = '1006', end = '4094'] = /order (\S+) range (\d+) (\d+)/.exec(line) ?? []
    return `Internal VLAN Allocation Policy: ${policy}\nInternal VLAN Allocation Range: ${start}-${end}\n`
  },
})

/** `show vlan dynamic`: those EOS makes for VRFs are left out, because their numbers follow no configuration. */
export const showVlanDynamic = defineShow({
  words: 'show vlan dynamic',
  docs: 'VLANs that nobody configured; the keys that ANTA reads.',
  json: () => ({ dynamicVlans: {} }),
})

import { existsSync, readdirSync } from 'node:fs'
import { expect } from 'vitest'
import { recordings } from '../recordings.ts'

const SNAPSHOTS = recordings('eos-corpus/device-snapshots/')

/** What there is to compare in a lab: switches, BGP sessions with both ends, BGP routes of the default VRF, EVPN routes. */
export interface LabCounts {
  readonly switches: number
  readonly sessions: number
  readonly routes: number
  readonly evpn: number
}

/** As counted in the recordings. A lab that is not here was recorded by others: nothing is known of its numbers. */
const COUNTED: Readonly<Record<string, LabCounts>> = {
  cv_demo_base_panos: { switches: 6, sessions: 16, routes: 58, evpn: 0 },
  eos_bgp_aggregate: { switches: 2, sessions: 2, routes: 2, evpn: 0 },
  eos_bgp_weight_behavior_ribd: { switches: 2, sessions: 0, routes: 0, evpn: 0 },
  eos_ceos_ebgp: { switches: 2, sessions: 2, routes: 2, evpn: 0 },
  eos_evpn_l3_design_guide_vlan_based: { switches: 9, sessions: 62, routes: 296, evpn: 912 },
  eos_ibgp_local_preference: { switches: 2, sessions: 2, routes: 4, evpn: 0 },
  eos_iosxe_aws_demo: { switches: 6, sessions: 16, routes: 52, evpn: 0 },
  eos_ospf_bgp: { switches: 2, sessions: 2, routes: 0, evpn: 0 },
  eos_rm_undefined_continue: { switches: 4, sessions: 6, routes: 3, evpn: 0 },
}

/** The files of the snapshots, and the labs that they are of. */
const files = existsSync(SNAPSHOTS) ? readdirSync(SNAPSHOTS) : []
const names = [...new Set(files.map((file) => file.split('__')[0] ?? ''))]
const known = names.filter((name) => name in COUNTED)

/** Whether the folder that is read has only labs that were counted. */
export const allCounted = known.length === names.length

/** What the folder that is read has. */
export const read = { labs: names.length, switches: files.length }

/** Compares how many of something were looked at: as many as were counted, or more where there are other labs, too. */
export function expectCount(found: number, what: keyof LabCounts): void {
  const counted = known.reduce((sum, name) => sum + (COUNTED[name]?.[what] ?? 0), 0)
  if (allCounted) expect(found).toBe(counted)
  else expect(found).toBeGreaterThanOrEqual(counted)
}

/** Compares outcomes, of which each says `same` or what differs: all the same, or 98 percent where there are other labs, too. */
export function expectSame(outcome: readonly string[]): void {
  const different = outcome.filter((line) => line !== 'same')
  if (allCounted) expect(different).toEqual([])
  else expect(different.length, different.slice(0, 40).join('\n')).toBeLessThanOrEqual(outcome.length * 0.02)
}

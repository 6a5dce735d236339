import type { JournalEvent } from '../../src/journal/event.ts'
import { type KilledLab, startKilledLab } from '../fault-model/killed-lab.ts'
import type { Lab, LabOptions } from '../lab/lab.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { device, type FakeCloudVision, type FakeState, startCloudVision, TOKEN } from './fake-cloudvision.ts'

/** The serial numbers of the fabric in memory, as `show version` of its switches gives them. */
export const SERIAL = { leaf1: 'JPE21310201', leaf2: 'JPE21310202' } as const

export const settingsFor = (origin: string, more = ''): string => `version: 1
http:
  key: '\${env:HTTP_KEY}'
  hosts: [{ origin: '${origin}', secrets: ['\${env:CLOUDVISION_TOKEN}'] }]
cloudvision: { url: '${origin}', token: '\${env:CLOUDVISION_TOKEN}'${more} }
`

/** A lab beside a CloudVision on loopback that has leaf1 and leaf2 in its inventory. */
export async function cloudVisionLab(
  state: Partial<FakeState> = {},
  {
    targets = 'leaf1',
    more = '',
    token = TOKEN,
    before,
    switches,
    ...change
  }: Parameters<typeof workflowFor>[1] &
    Pick<LabOptions, 'before' | 'switches'> & { targets?: string; more?: string; token?: string } = {},
): Promise<KilledLab & { readonly cloudVision: FakeCloudVision }> {
  const devices = [device(SERIAL.leaf1, 'leaf1'), device(SERIAL.leaf2, 'leaf2')]
  const cloudVision = await startCloudVision({ devices, controls: [], ...state })
  const killed = startKilledLab({
    workflow: workflowFor(targets, change),
    files: { 'eosflow.yaml': settingsFor(cloudVision.service.origin, more) },
    env: { HTTP_KEY: 'k'.repeat(64), CLOUDVISION_TOKEN: token },
    ...(before === undefined ? {} : { before }),
    ...(switches === undefined ? {} : { switches }),
  })
  return { ...killed, cloudVision }
}

export type Asked = JournalEvent & { readonly type: 'CloudVisionAsked' }

/** What is on record of the newest change, or of the newest run that was refused where there is none. */
export async function records(lab: Lab): Promise<readonly JournalEvent[]> {
  const newest = async (list: 'executions' | 'plans'): Promise<string | undefined> => {
    const { executions } = JSON.parse((await lab.eosflow(list, '--json')).out) as { executions: { id: string }[] }
    return executions[0]?.id
  }
  const id = (await newest('executions')) ?? (await newest('plans')) ?? 'none'
  return JSON.parse((await lab.eosflow('history', id, '--json')).out)
}

/** What CloudVision has said in it. */
export async function askedIn(lab: Lab): Promise<readonly Asked[]> {
  return (await records(lab)).flatMap((one) => (one.type === 'CloudVisionAsked' ? [one] : []))
}

/** What was begun on the switches since CloudVision was first asked: before, the plan was made. */
export async function actsIn(lab: Lab): Promise<readonly string[]> {
  const all = await records(lab)
  const asked = all.findIndex(({ type }) => type === 'CloudVisionAsked')
  return all.slice(asked).flatMap((one) => (one.type === 'ActIntended' ? [`${one.device} ${one.act}`] : []))
}

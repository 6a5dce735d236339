import type { TestCase } from './test-case.ts'

export type SwitchMember = 'devices' | 'network' | 'running' | 'state' | 'checks' | 'requests' | 'leaves'

export type SwitchExpectation<Member extends SwitchMember> = NonNullable<TestCase['expect'][Member]>[string]

/** What `judgeOne` says of every switch that a member of `expect` means. */
export function eachSwitch<Member extends SwitchMember, Said>(
  { expect, devicesOf }: TestCase,
  member: Member,
  judgeOne: (device: string, expected: SwitchExpectation<Member>, key: string) => readonly Said[],
): readonly Said[] {
  const entries = Object.entries(expect[member] ?? {}) as [string, SwitchExpectation<Member>][]
  return entries.flatMap(([key, expected]) => devicesOf(key).flatMap((device) => judgeOne(device, expected, key)))
}

import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'
import { word } from '../../input/words.ts'

const expectedList = once(() =>
  z.strictObject({
    name: word().describe('The access list.'),
    entries: z
      .array(
        z.strictObject({
          sequence: integer(1, 4_294_967_295).describe('The sequence number of the entry.'),
          action: z.string().describe('What the entry does, for example `deny ip any any`.'),
        }),
      )
      .describe('The entries that it must have.'),
  }),
)

const shownList = once(() =>
  z.object({
    name: z.string().optional(),
    sequence: z.array(z.object({ sequenceNumber: z.number().optional(), text: z.string().optional() })).optional(),
  }),
)

/** IPv4 access lists have the expected entries under the expected sequence numbers. */
export const verifyIpv4Acl = defineVerify({
  name: 'VerifyIPv4ACL',
  summary: 'Verifies the entries of IPv4 access lists.',
  docs: 'Passes when each access list is configured and contains each given entry under its sequence number. Entries that are not given are not judged.',
  example: {
    ipv4_access_lists: [
      { name: 'default-control-plane-acl', entries: [{ sequence: 10, action: 'permit icmp any any' }] },
    ],
  },
  input: () =>
    z.strictObject({ ipv4_access_lists: z.array(expectedList()).min(1).describe('The access lists to verify.') }),
  commands: () => [{ cmd: 'show ip access-lists', revision: 1 }],
  answers: () => [z.object({ aclList: z.array(shownList()) })],
  judge: ({ ipv4_access_lists: lists }, [{ aclList }]) => {
    if (aclList.length === 0) return passUnless(['No Access Control List (ACL) configured'])
    return passUnless(
      lists.flatMap((list) =>
        faultsOf(
          list,
          aclList.find(({ name }) => name?.toLowerCase() === list.name.toLowerCase()),
        ),
      ),
    )
  },
})

type Expected = z.output<ReturnType<typeof expectedList>>
type Shown = z.output<ReturnType<typeof shownList>>

function faultsOf({ name, entries }: Expected, shown: Shown | undefined): readonly string[] {
  if (shown === undefined) return [`ACL name: ${name} - Not configured`]
  return entries.flatMap(({ sequence, action }) => {
    const subject = `ACL name: ${name} Sequence: ${sequence}`
    const entry = needed(shown, 'sequence').find(({ sequenceNumber }) => sequenceNumber === sequence)
    if (entry === undefined) return [`${subject} - Not configured`]
    return mismatch(`${subject} - action mismatch`, action, needed(entry, 'text'))
  })
}

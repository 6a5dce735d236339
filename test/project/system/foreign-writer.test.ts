import { describe, expect, test } from 'vitest'
import { type ForeignWriter, foreignWriter } from '../../../src/project/system/machine/foreign-writer.ts'

const [FILE, FOLDER, LINK, SOCKET] = [0o100000, 0o040000, 0o120000, 0o140000]

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1::/:/usr/sbin/nologin
ann:x:1000:1000:Ann:/home/ann:/bin/bash
bob:x:1001:1001:Bob:/home/bob:/bin/bash
carl:x:1002:100::/home/carl:/bin/bash
`
const GROUP = `root:x:0:
daemon:x:1:
users:x:100:
ann:x:1000:
bob:x:1001:ann
netops:x:2000:ann
shared:x:2001:ann,bob
eve:x:2002:
`
/** Ann, as this machine knows her. */
const ann = { uids: [1000], accounts: () => ({ passwd: PASSWD, group: GROUP }) }
/** Bob, in whose own group Ann is, too. */
const bob = { ...ann, uids: [1001] }
/** Root, whom Ann has become by sudo, and root without her. */
const [sudo, root] = [
  { ...ann, uids: [0, 1000] },
  { ...ann, uids: [0] },
]
/** Ann, where others are in root's group: somebody who is listed there, or whose first group it is; users of the system have it, too. */
const among = (passwd: string, rootGroup: string, more = '') => ({
  uids: [1000],
  accounts: () => ({ passwd: `${PASSWD}${passwd}`, group: `${GROUP.replace('root:x:0:', rootGroup)}${more}` }),
})
/** A user without an entry, in a container that has neither file. */
const nobody = { uids: [12345], accounts: () => ({ passwd: '', group: '' }) }

const bobs: ForeignWriter = { kind: 'owner', uid: 1001, name: 'bob' }
const all: ForeignWriter = { kind: 'everybody' }
const group = (gid: number, name?: string) => ({ kind: 'group', gid, ...(name ? { name } : {}) })

describe('who else may change a file', () => {
  test.each([
    ['her own', ann, 1000, 1000, FILE | 0o644, undefined],
    ['that of root', ann, 0, 0, FILE | 0o644, undefined],
    ['that of root, by the group of root', ann, 0, 0, FILE | 0o664, undefined],
    ['that of another', ann, 1001, 1001, FILE | 0o600, bobs],
    [
      'that of root, by the group of root that bob is in',
      among('', 'root:x:0:bob'),
      0,
      0,
      FILE | 0o664,
      group(0, 'root'),
    ],
    [
      'that of root, by the group of root that she is in',
      among('', 'root:x:0:root,ann'),
      0,
      0,
      FILE | 0o664,
      undefined,
    ],
    [
      'that of root, by the group of root that is the first of a person',
      among('dave:x:1003:0::/home/dave:/bin/bash\n', 'root:x:0:'),
      0,
      0,
      FILE | 0o664,
      group(0, 'root'),
    ],
    [
      'that of root, by the group of root that is the first of a user of the system',
      among('sync:x:5:0:sync:/sbin:/bin/sync\noperator:x:11:0::/root:/sbin/nologin\n', 'root:x:0:'),
      0,
      0,
      FILE | 0o664,
      undefined,
    ],
    [
      'by a group of her own whose number another group has, with others in it',
      among('', 'root:x:0:', 'alias:x:1000:bob\n'),
      1000,
      1000,
      FILE | 0o664,
      group(1000, 'ann'),
    ],
    [
      'by a group of her own whose number another group without members has',
      among('', 'root:x:0:', 'alias:x:1000:\n'),
      1000,
      1000,
      FILE | 0o664,
      undefined,
    ],
    ['that of another, for root', root, 1001, 1001, FILE | 0o644, bobs],
    ['hers, for root without sudo', root, 1000, 1000, FILE | 0o644, { kind: 'owner', uid: 1000, name: 'ann' }],
    ['hers, for root by her sudo', sudo, 1000, 1000, FILE | 0o644, undefined],
    ['that of another, for root by her sudo', sudo, 1001, 1001, FILE | 0o644, bobs],
    ['that of somebody whom this machine does not know', ann, 4711, 4711, FILE | 0o644, { kind: 'owner', uid: 4711 }],
    ['open to all', ann, 1000, 1000, FILE | 0o646, all],
    ['a folder open to all', ann, 1000, 1000, FOLDER | 0o777, all],
    ['a folder open to all that is sticky', ann, 1000, 1000, FOLDER | 0o1777, undefined],
    ['a sticky folder of root', ann, 0, 0, FOLDER | 0o1777, undefined],
    ['a sticky folder of another', ann, 1001, 1001, FOLDER | 0o1777, bobs],
    ['a sticky file open to all', ann, 1000, 1000, FILE | 0o1666, all],
    ['umask 002 and a group of her own', ann, 1000, 1000, FILE | 0o664, undefined],
    ['a folder by umask 002', ann, 1000, 1000, FOLDER | 0o2775, undefined],
    ['by the group of another, where she is a member', ann, 1000, 1001, FILE | 0o664, group(1001, 'bob')],
    ['by a group with others in it', ann, 1000, 2001, FILE | 0o664, group(2001, 'shared')],
    [
      'by a group of which she is the only one, which has another name',
      ann,
      1000,
      2000,
      FILE | 0o664,
      group(2000, 'netops'),
    ],
    ['by a group without members and with the name of nobody', ann, 1000, 2002, FILE | 0o664, group(2002, 'eve')],
    ['his own, by the group of his name that somebody else is in', bob, 1001, 1001, FILE | 0o664, group(1001, 'bob')],
    ['by the group that is the first of another', ann, 1000, 100, FILE | 0o664, group(100, 'users')],
    ['by a group that this machine does not know', ann, 1000, 3000, FILE | 0o664, group(3000)],
    ['her own, not for the group', ann, 1000, 2001, FILE | 0o644, undefined],
    ['a link of hers', ann, 1000, 1000, LINK | 0o777, undefined],
    ['a link of another', ann, 1001, 1001, LINK | 0o777, bobs],
    ['a socket', ann, 1000, 1000, SOCKET | 0o777, undefined],
    ['own of a user without an entry', nobody, 12345, 12345, FILE | 0o644, undefined],
    ['that of root, for a user without an entry, by the group of root', nobody, 0, 0, FOLDER | 0o775, undefined],
    ['own of a user without an entry, by the group of root', nobody, 12345, 0, FILE | 0o664, undefined],
    ['own of a user without an entry, by a group without one', nobody, 12345, 12345, FILE | 0o664, group(12345)],
    ['that of another, for a user without an entry', nobody, 1001, 1001, FILE | 0o644, { kind: 'owner', uid: 1001 }],
  ] as const)('[S20] %s', (_, reader, uid, gid, mode, writer) => {
    expect(foreignWriter({ uid, gid, mode }, reader)).toEqual(writer)
  })
})

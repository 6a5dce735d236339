import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'
import { isDatabase, readStoreAddress } from '../../../src/project/files/settings/store-address.ts'
import { table } from '../../table.ts'

describe('the address of a store', () => {
  test.each([
    ['postgres://a@db1/e?sslmode=verify-full', true],
    ['postgresql://a@db1/e', true],
    ['.eosflow/store.db', false],
    ['postgres.db', false],
    ['mysql://a@db1/e', true],
    ['postgre://a@db1/e', true],
  ])('%s is a database: %s', (text, expected) => {
    expect(isDatabase(text)).toBe(expected)
  })

  test.each([
    [
      `postgres://eosflow:\${env:EOSFLOW_DB}@db1.example.com:6432/team%201?sslmode=verify-full&sslrootcert=ca.pem`,
      {
        host: 'db1.example.com',
        port: 6432,
        database: 'team 1',
        user: 'eosflow',
        password: `\${env:EOSFLOW_DB}`,
        tls: { rootCertificate: 'ca.pem' },
      },
    ],
    [
      `postgres://e:\${file:/run/secrets/db@1}@127.0.0.1/e`,
      { host: '127.0.0.1', port: 5432, database: 'e', user: 'e', password: `\${file:/run/secrets/db@1}` },
    ],
    ['postgres://e@[::1]/e', { host: '::1', port: 5432, database: 'e', user: 'e' }],
    [
      'postgres://e@db1/e?sslmode=verify-full&sslcert=c.pem&sslkey=k.pem',
      { host: 'db1', port: 5432, database: 'e', user: 'e', tls: { certificate: 'c.pem', key: 'k.pem' } },
    ],
  ])('%s', (text, expected) => {
    expect(readStoreAddress(text)).toEqual(expected)
  })

  test.for(table`
    mysql://e@127.0.0.1/e                                   a store is in a file, or in a PostgreSQL database
    POSTGRES://e@127.0.0.1/e                                a store is in a file, or in a PostgreSQL database
    postgres://e:secret@db1/e?sslmode=verify-full           a password is written in the address
    postgres://e@db1/e                                      must prove who it is
    postgres://e@db1/e?sslmode=require                      must prove who it is
    postgres://e@127.0.0.1/e?sslmode=disable                for a server on this machine \`sslmode\` is \`verify-full\`, or left away
    postgres://e@127.0.0.256/e                              must prove who it is
    postgres://e@127.0.0.010/e                              must prove who it is
    postgres://e@127.1/e                                    must prove who it is
    postgres://e@localhost.example.com/e                    must prove who it is
    postgres://e@localhost,db1/e                            must prove who it is
    postgres://e@127.0.0.1%2eexample.com/e                  must prove who it is
    postgres://e@%2Fvar%2Frun/e                             must prove who it is
    postgres://e@[::ffff:127.0.0.1]/e                       must prove who it is
    postgres://e@0.0.0.0/e                                  must prove who it is
    postgres://e@db1/e?sslmode=verify-full&sslmode=disable  \`sslmode\` is there twice
    postgres://e@127.0.0.1/e?host=db1                       no setting \`host\`
    postgres://e@127.0.0.1/e?service=s                      no setting \`service\`
    postgres:///e?host=/var/run                             a user, a host and a database
    postgres://e@127.0.0.1/%E0%A4%A                         cannot be read
    postgres://e%0Amine@127.0.0.1/e                         cannot be read
    postgres://e@db1?sslmode=verify-full                    a user, a host and a database
    postgres://db1/e?sslmode=verify-full                    a user, a host and a database
    postgres://e@db1/e?sslmode=verify-full&options=-c       no setting \`options\`
    postgres://e:\${exec:p}@db1/e?sslmode=verify-full       no reference that is known before
    postgres://e:\${nothing}@db1/e?sslmode=verify-full      no reference that is known before
  `)('%s is refused: %s', (row) => {
    const [text = '', fault = ''] = row.map((cell) => cell.replaceAll('\\', ''))
    expect(readStoreAddress(text)).toMatchObject({ fault: expect.stringContaining(fault) })
  })

  test('no fault shows a password', () => {
    expect(readStoreAddress('postgres://e:hunter2@db1/e?sslmode=verify-full')).toEqual({
      fault: 'a password is written in the address',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a person writes.
      hint: 'Write a reference in its place: `${env:NAME}` or `${file:/path}`.',
    })
  })

  test('is judged with the settings, with its place in the file', () => {
    const parsed = parseSettings('version: 1\nstore: postgres://e@db1/e\n', 'eosflow.yaml')
    expect(parsed).toMatchObject({ ok: false, problems: [{ code: 'bad-store', at: { line: 2 } }] })
  })
})

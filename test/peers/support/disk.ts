/**
 * A disk that can lose its power: a file system of its own in a file. Once the power is gone, what was written and not
 * synchronised is gone too, which no killed process shows: what it wrote, the kernel still has. Linux, as root.
 */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type Owner, until } from './programs.ts'

/** Ends a file system of ext4 at once and writes nothing more, not even its journal (EXT4_IOC_SHUTDOWN, NOLOGFLUSH). */
const shutDown = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))`

/** A disk of one's own. */
export interface Disk {
  /** The folder in which it is mounted. */
  readonly path: string
  /** From now on everything there fails, and only what was synchronised is kept. */
  loseThePower(): void
  /** What was kept is there again, as soon as the last process that used the disk has ended. */
  comeBack(): Promise<void>
  remove(): void
}

/** Makes a disk of half a gigabyte, of which the file takes what is used. */
export const diskOf = (owner: Owner): Disk => {
  const folder = folderOf(owner)
  const [image, path] = [join(folder.path, 'disk'), join(folder.path, 'mounted')]
  const mount = () => execFileSync('mount', ['-o', 'loop', image, path])
  const unmount = () => execFileSync('umount', ['--lazy', path])
  writeFileSync(image, '')
  truncateSync(image, 512 * 1024 * 1024)
  execFileSync('mkfs.ext4', ['-q', '-F', image])
  mkdirSync(path)
  mount()
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid)
  const remove = () => {
    unmount()
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', remove)
  return {
    path,
    loseThePower: () => void execFileSync('python3', ['-c', shutDown, path]),
    comeBack: async () => {
      // Killed processes keep it busy until the kernel has cleared them away.
      await until(
        'the disk is not in use',
        async () => void execFileSync('umount', [path], { stdio: 'pipe' }),
      )
      mount()
    },
    remove: () => {
      process.off('exit', remove)
      remove()
    },
  }
}

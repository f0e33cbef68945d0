/**
 * A disk that can lose its power: a separate file system in a file. After the power loss, everything that was
 * written but not synchronised is gone. Killing processes does not show this, because the kernel still has
 * what they wrote. Linux, as root.
 */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type Owner, until } from './programs.ts'

/**
 * Shuts an ext4 file system down at once, without writing even its journal (EXT4_IOC_SHUTDOWN, NOLOGFLUSH).
 */
const shutDown = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))`

/** A separate disk. */
export interface Disk {
  /** The folder where it is mounted. */
  readonly path: string
  /** From now on everything there fails, and only synchronised data are kept. */
  loseThePower(): void
  /** Mounts the kept data again, once the last process that used the disk has ended. */
  comeBack(): Promise<void>
  remove(): void
}

/** Creates a disk of half a gigabyte; its file takes only the used space. */
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
      // Killed processes keep it busy until the kernel has removed them.
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

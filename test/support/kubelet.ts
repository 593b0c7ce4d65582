// What a kubelet does to a mounted ConfigMap: each version in a folder of its own, put in force by turning one link.
import { mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Content = Readonly<Record<string, string | Buffer>>;

export class MountedConfigMap implements AsyncDisposable {
  readonly directory: string;
  #version = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async mount(content: Content): Promise<MountedConfigMap> {
    const volume = new MountedConfigMap(await mkdtemp(join(tmpdir(), 'postern-volume-')));
    await volume.update(content);
    return volume;
  }

  /** In the kubelet's own order: new folder, link, keys that are new, keys that are gone, old folder. */
  async update(content: Content): Promise<void> {
    this.#version += 1;
    const old = await readlink(this.#at('..data')).catch(() => null);
    const current = `..2026_11_23_12_00_00.${String(this.#version)}`;
    await mkdir(this.#at(current));
    for (const [key, value] of Object.entries(content)) await writeFile(this.#at(current, key), value);
    await symlink(current, this.#at('..data_tmp'));
    await rename(this.#at('..data_tmp'), this.#at('..data'));
    await this.#linkKeys(Object.keys(content));
    if (old !== null) await rm(this.#at(old), { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  async #linkKeys(keys: readonly string[]): Promise<void> {
    const present = (await readdir(this.directory)).filter((name) => !name.startsWith('..'));
    const isMissing = (key: string): boolean => !present.includes(key);
    for (const key of keys.filter(isMissing)) await symlink(join('..data', key), this.#at(key));
    for (const key of present.filter((name) => !keys.includes(name))) await rm(this.#at(key));
  }

  #at(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }
}

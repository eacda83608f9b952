import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OpenMetadataStandIn } from '../openmetadata/standIn.ts';

/** Makes a SQLite file with two tables and registers it as the database service `shop`. */
export function addShop(
  openMetadata: OpenMetadataStandIn,
  directory: string,
): { readonly id: string; readonly name: string } {
  const file = join(directory, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)');
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers)');
  database.close();
  return openMetadata.addService('databaseServices', {
    name: 'shop',
    serviceType: 'SQLite',
    connection: { config: { type: 'SQLite', databaseMode: file, database: 'shop' } },
  });
}

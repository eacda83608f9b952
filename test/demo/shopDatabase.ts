import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  registered_at TEXT NOT NULL
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  price NUMERIC NOT NULL
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  ordered_at TEXT NOT NULL,
  status TEXT NOT NULL
);
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL,
  price NUMERIC NOT NULL,
  PRIMARY KEY (order_id, product_id)
);
CREATE TABLE tmp_import (line TEXT);
CREATE VIEW revenue_by_category AS
  SELECT products.category, SUM(order_lines.quantity * order_lines.price) AS revenue
  FROM order_lines JOIN products ON products.id = order_lines.product_id
  GROUP BY products.category;
INSERT INTO customers VALUES
  (1, 'Customer 1', 'one@example.org', '2026-01-12'), (2, 'Customer 2', 'two@example.org', '2026-03-02');
INSERT INTO products VALUES (1, 'Teapot', 'kitchen', 29.9), (2, 'Cup', 'kitchen', 7.5), (3, 'Lamp', 'light', 54);
INSERT INTO orders VALUES (1, 1, '2026-10-30', 'delivered'), (2, 2, '2026-11-02', 'open');
INSERT INTO order_lines VALUES (1, 1, 1, 29.9), (1, 2, 4, 7.5), (2, 3, 1, 54);
`;

/** Makes the database of a small web shop, as an SQLite file; returns its path. */
export function createShopDatabase(directory: string): string {
  const file = join(directory, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  database.close();
  return file;
}

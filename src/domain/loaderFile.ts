const PATTERN = /(?:^|\/)loader-(\d{2})\.py$/;

/** Name of the file, beside the mounted documents of a shard, from which Airflow reads their DAGs. */
export function loaderFile(shard: string): string {
  return `loader-${shard}.py`;
}

/** The shard whose loader made a DAG; undefined where its file is another, such as the one that the plugin writes. */
export function shardOfLoader(fileLocation: string): string | undefined {
  return PATTERN.exec(fileLocation)?.[1];
}

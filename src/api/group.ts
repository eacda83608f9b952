export const API_GROUP = 'ingestion.open-metadata.org';
export const API_VERSION = 'v1alpha1';

/** Kept on both kinds until what the operator made elsewhere is gone. */
export const FINALIZER = 'ingestion.open-metadata.org/finalizer';

/** What a person may ask for with an annotation. The operator reads them and never writes them. */
export const ANNOTATIONS = {
  /** A new value asks for one reconcile now. */
  requestedAt: 'ingestion.open-metadata.org/requested-at',
  /** A new value asks for one run now. */
  runRequestedAt: 'ingestion.open-metadata.org/run-requested-at',
  /** `"true"`: the operator leaves the object alone. */
  paused: 'ingestion.open-metadata.org/paused',
  /** `"true"`: deletion drops the finalizer without asking Airflow. */
  forceOrphan: 'ingestion.open-metadata.org/force-orphan',
} as const;

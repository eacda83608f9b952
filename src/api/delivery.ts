/** How documents reach Airflow. */
export const deliveries = ['ManagedAPI', 'ConfigMap'] as const;

export type Delivery = (typeof deliveries)[number];

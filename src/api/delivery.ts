/** How documents reach Airflow. */
export const deliveries = ['ManagedAPI', 'ConfigMap'] as const;

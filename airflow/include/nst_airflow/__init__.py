"""The scheduling of the style transfer job. Only operators.py and alerts.py import Airflow; the rest is plain Python."""

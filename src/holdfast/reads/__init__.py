"""What pages and API show: SELECT only, a constant number of queries, who may see it decided here."""

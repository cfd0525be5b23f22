"""The dashboard's sections: what each shows of a snapshot, and to whom."""

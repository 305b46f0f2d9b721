"""What storage and jobs in the cloud share: clients of AWS's services, their errors, JSON as DynamoDB has it."""
